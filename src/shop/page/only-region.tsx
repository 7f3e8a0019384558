/** Says that a screen is about one region, and leads to all of them. */
import { hashOf } from '../../page/module.tsx';

export function OnlyRegion({ screen, region }: { readonly screen: string; readonly region: string }) {
  return (
    <p>
      Only of {region}. <a href={hashOf([screen])}>Show all regions</a>
    </p>
  );
}
