/** Blocks of a reduction are this long unless the caller says otherwise. The sum's bits depend on it. */
export const defaultBlock = 4096

/** How many contiguous pieces of [begin, end) are worth running at once: never more than threads, never pieces shorter than a grain. */
export function pieceCount(begin: number, end: number, grain: number, threads: number): number {
  return Math.max(1, Math.min(threads, Math.ceil((end - begin) / grain)))
}

/** Start of piece `piece` of `pieces`: a multiple of `grain` from `begin`; piece `pieces` starts at `end`. */
export function pieceBegin(begin: number, end: number, grain: number, pieces: number, piece: number): number {
  if (piece >= pieces) return end
  const grains = Math.ceil((end - begin) / grain)
  return Math.min(end, begin + Math.floor((grains * piece) / pieces) * grain)
}
