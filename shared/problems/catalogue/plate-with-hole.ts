import type { CatalogueProblem } from './problem'

export const plateWithHole: CatalogueProblem = {
  descriptor: {
    id: 'plate-with-hole',
    name: 'Plate with a hole',
    summary: 'A pulled plate with a round hole: beside the hole the stress is three times that far away, however small the hole is. Kirsch’s exact solution, loaded by tractions.',
    equation: '-\\nabla\\cdot\\sigma = 0,\\quad \\sigma = \\lambda\\,\\nabla\\cdot\\mathbf{u}\\,I + \\mu(\\nabla\\mathbf{u} + \\nabla\\mathbf{u}^{\\mathsf T}),\\quad \\sigma n = t',
    reference: { text: 'E. G. Kirsch, Die Theorie der Elastizität und die Bedürfnisse der Festigkeitslehre, Z. Ver. Dtsch. Ing. 42 (1898); S. P. Timoshenko, J. N. Goodier, Theory of Elasticity, McGraw-Hill 1970, § 35' },
    supports: ['elliptic', '2d', 'exact', 'vector', 'system', 'holes', 'traction'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-2, 2], [-2, 2]], holes: [{ disk: { center: [0, 0], radius: 0.5 } }] },
    // s is the stress along the pull, for the eye and for its factor of three.
    unknowns: [{ name: 'u', type: 'vector' }, 's'],
    parameters: { pull: 1, E: 10, nu: 0.3, a: 0.5, mu: 'E/(2*(1 + nu))', lambda: 'E*nu/((1 + nu)*(1 - 2*nu))', kappa: '3 - 4*nu' },
    definitions: {
      // Plane strain in an infinite plate; cos 3θ/cos θ and sin 3θ/sin θ as fractions of coordinates.
      q: 'a^2/(x^2 + y^2)', c3: '4*x^2/(x^2 + y^2) - 3', s3: '3 - 4*y^2/(x^2 + y^2)',
      ux: 'pull*x/(8*mu)*(kappa + 1 + 2*q*(1 + kappa + c3) - 2*q^2*c3)',
      uy: 'pull*y/(8*mu)*(kappa - 3 + 2*q*(1 - kappa + s3) - 2*q^2*s3)',
      sxx: '(lambda + 2*mu)*dx(ux) + lambda*dy(uy)', sxy: 'mu*(dy(ux) + dx(uy))', syy: 'lambda*dx(ux) + (lambda + 2*mu)*dy(uy)',
    },
    equations: ['-mu*lap(u) - (lambda + mu)*grad(div(u)) = vec(0, 0)', 's = (lambda + 2*mu)*dx(u__x) + lambda*dy(u__y)'],
    // The sides are those of a square cut from the infinite plate.
    boundary: [
      { on: 'holes', condition: 'traction(u) = vec(0, 0)' },
      { on: ['left', 'right'], condition: 'u = vec(ux, uy)' },
      { on: 'top', condition: 'traction(u) = vec(sxy, syy)' },
      { on: 'bottom', condition: 'traction(u) = vec(-sxy, -syy)' },
    ],
    exact: { u: 'vec(ux, uy)', s: 'sxx' },
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
