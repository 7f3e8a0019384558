/** What a config says of the shop. */
export interface ShopOptions {
  /**
   * Whether `meridian serve` also ships: the relays of all regions, central and the feed of the document store then run in its process, as
   * in `meridian sync --watch`. Default: false.
   */
  readonly ships?: boolean;
}
