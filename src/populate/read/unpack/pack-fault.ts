/** A clause about compressed data that cannot be decompressed. */
export class PackFault extends Error {}
