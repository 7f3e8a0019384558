/** A note that a screen is restricted to one region, with a link to all of them. */
import { hashOf } from '../../page/module.tsx';

export function OnlyRegion({ screen, region }: { readonly screen: string; readonly region: string }) {
  return (
    <p>
      Only of {region}. <a href={hashOf([screen])}>Show all regions</a>
    </p>
  );
}
