/** A clause about packed data that cannot be unpacked. */
export class PackFault extends Error {}
