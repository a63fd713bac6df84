import { addJets, multiplyJets, subtractJets, type Jet } from '../taylor'

/** g ⊙ a + (1 − g) ⊙ b = b + g ⊙ (a − b): the gate of modified networks. */
export const gated = (gate: Jet, a: Jet, b: Jet): Jet => addJets(b, multiplyJets(gate, subtractJets(a, b)))
