/** How exact places are. */
export const PLACES =
  'Places are approximate: country and nearest metro (within 80 km) of the remote address.';

/** What the places add up to. */
export const TOTAL =
  'Bytes are estimates of what crossed the boundary (raw x sampling rate, layer 3). All places, the unknown one with them, add up to the total.';
