/** The direction of imports (architecture), checked in `npm test`. Tests may look anywhere. */
const test = '[.](test|testing)[.]tsx?$'
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from: { pathNot: test, ...from }, to })

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    rule('shared-knows-no-host', 'shared/ is host-agnostic', { path: '^shared/' }, { path: '^(electron|renderer|e2e|build|bench)/' }),
    rule('shared-has-no-node', 'shared/ uses no Node, Electron or React', { path: '^shared/' }, { path: '^(node:|electron$|react)', pathNot: '^react-nothing' }),
    rule('shared-has-no-core-modules', 'shared/ uses no Node', { path: '^shared/' }, { dependencyTypes: ['core'] }),
    rule('window-through-contract', 'the window sees protocol, expressions, fields, figures, the document and the leaf types', { path: '^renderer/' }, { path: '^shared/', pathNot: '^shared/(protocol|expressions|fields|figures)/|^shared/(fault|json|descriptor|experiment/document)[.]ts$', dependencyTypesNot: ['type-only'] }),
    rule('window-has-no-host', 'the window knows no host', { path: '^renderer/' }, { path: '^electron/', dependencyTypesNot: ['type-only'] }),
    rule('window-has-no-node', 'the window has no Node', { path: '^renderer/' }, { dependencyTypes: ['core'] }),
    rule('only-main-imports-electron', 'engine, cli and server run without Electron', { path: '^electron/(engine|cli|server)/' }, { path: '^electron$|node_modules/electron/' }),
    rule('engine-knows-no-shell', 'the engine knows neither main, cli nor server', { path: '^electron/engine/' }, { path: '^electron/(main|preload|cli|server)/' }),
    rule('expressions-are-the-base', 'expressions import nothing above them', { path: '^shared/expressions/' }, { path: '^shared/(fields|problems|experiment|protocol|figures|solvers|steps|kernels)/' }),
    rule('fields-are-the-base', 'fields import only expressions', { path: '^shared/fields/' }, { path: '^shared/(problems|experiment|protocol|figures|solvers|steps|kernels)/' }),
    rule('problems-know-no-solver', 'problems are statements', { path: '^shared/problems/' }, { path: '^shared/(protocol|figures|solvers|steps|kernels)/' }),
    rule('kernels-know-no-mathematics', 'kernels serve solvers', { path: '^shared/kernels/' }, { path: '^shared/(problems|experiment|protocol|figures|solvers|steps)/' }),
    rule('solvers-know-no-document', 'solvers see analysed problems, not documents', { path: '^shared/solvers/' }, { path: '^shared/(experiment|protocol|figures|steps)/' }),
    rule('learning-knows-no-document', 'learning sees analysed problems, not documents', { path: '^shared/learning/' }, { path: '^shared/(experiment|protocol|figures|steps)/' }),
    rule('tfjs-stays-in-learning', 'one tfjs, behind shared/learning', { path: '^(shared|electron|renderer)/', pathNot: '^shared/learning/|^electron/engine/learning/|[.](test|testing)[.]tsx?$' }, { path: '@tensorflow/' }),
    rule('protocol-loads-no-numerics', 'the contract is types and schemas', { path: '^shared/protocol/' }, { path: '^shared/(solvers|steps|kernels|problems)/', dependencyTypesNot: ['type-only'] }),
    rule('steps-are-the-top', 'nothing in shared depends on steps', { path: '^shared/(?!steps/)' }, { path: '^shared/steps/' }),
    rule('react-stays-in-the-window', 'three and React live in renderer/', { path: '^(shared|electron)/' }, { path: 'node_modules/(react|react-dom|three|dockview)' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: 'shared/kernels/assembly|^dist/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
}
