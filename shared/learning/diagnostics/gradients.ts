import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import { add, concat, reshape, sqrt, square, sum, type Tensor, type Tensors } from '../tf'
import { curveName, inputsOf, partLoss, weightedParts } from '../training/form'
import type { DiagnosticFamily } from './diagnostic'

/**
 * Curves `gradient` = ‖∇L‖ and `gradient_<part>` = ‖∇ λ_k L_k‖ with respect to the trained parameters, at the points of the last step. Wang, Teng & Perdikaris 2021, doi:10.1137/20M1318043: terms whose
 * gradients differ by orders of magnitude are learned one after the other.
 */
export const gradients: DiagnosticFamily = {
  async create({ network, initial, trained, form, precision, runtime, libm }) {
    const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
    const program = compile((_, given) => {
      const own: Tensors = Object.fromEntries(trained.map(name => [name, given[name]]))
      const parts = form.parts.map((__, k) => valueAndGradients(moving => ({ value: partLoss(weightedParts(form, network, { ...given, ...moving }, given)[k]) }), own, { unused: 'zero' }).gradients)
      const whole = Object.fromEntries(trained.map(name => [name, parts.map(p => p[name]).reduce((a, b) => add(a, b))]))
      return { outputs: { norms: concat([whole, ...parts].map(g => reshape(norm(g), [1])), 0) } }
    }, { precision, inputs: { ...shapes, ...inputsOf(form) }, libm })
    const execution = await runtime.prepare(program)
    return {
      async observe({ parameters, inputs }) {
        const { norms } = await execution.run({ ...inputs, ...parameters })
        const curves: Record<string, number> = { gradient: norms[0] }
        form.parts.forEach(({ name }, k) => { curves[curveName('gradient', name)] = norms[k + 1] })
        return curves
      },
      dispose: () => execution.dispose(),
    }
  },
}

const norm = (of: Tensors): Tensor => sqrt(Object.values(of).map(g => sum(square(g))).reduce((a, b) => add(a, b)))
