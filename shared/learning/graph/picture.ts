import { graphNodes, type Graph, type Node, type Value } from './graph'
import { commutativeOperators } from './passes/known'

interface Box {
  readonly label: string
  readonly detail: string
  readonly kind: string
  readonly width: number
  readonly layer: number
  /** Where edges from above arrive: boxes and bends of the layer before. */
  readonly above: Box[]
  x: number
}

const boxHeight = 34
const layerHeight = 68
const gap = 14
const letter = 6.3

/** Colours that stand out on white and on black, with white letters. */
const colours: Readonly<Record<string, string>> = { state: '#7a5195', input: '#7a5195', output: '#2f6f4f', product: '#b3541e', reduction: '#8a6d00', arrangement: '#5f6b76', elementwise: '#2d6ca2', constant: '#76808a' }

function kindOf({ operator }: Node): string {
  if (/^(MatMul|Gemm|Conv|ConvTranspose)$/.test(operator)) return 'product'
  if (/^(Reduce|ArgM|TopK|CumSum|Softmax|LogSoftmax|MaxPool)/.test(operator)) return 'reduction'
  return /^(Reshape|Transpose|Expand|Slice|Concat|Pad|Tile|Gather|Scatter|Split)/.test(operator) ? 'arrangement' : 'elementwise'
}

/**
 * A graph as an SVG picture: inputs above, results below, every node one box under all that it reads (layers by longest path; boxes ordered by the mean place of their neighbours,
 * K. Sugiyama, S. Tagawa, M. Toda, IEEE Trans. SMC 11 (1981) 109, doi:10.1109/TSMC.1981.4308636). Scalars that are constant are written into the boxes that use them.
 * Legible for up to some hundred nodes, on light and dark pages alike.
 */
export function drawGraph(graph: Graph): string {
  const layers = placed(graph)
  const width = Math.max(...layers.map(row => row.reduce((sum, box) => sum + box.width + gap, gap)))
  spread(layers, width)
  const height = layers.length * layerHeight + gap
  const top = (box: Box): number => gap + box.layer * layerHeight
  const edges = layers.flat().flatMap(box => box.above.map(from => {
    const [x0, y0, x1, y1] = [from.x, top(from) + (from.label ? boxHeight : boxHeight / 2), box.x, top(box) + (box.label ? 0 : boxHeight / 2)]
    const bend = (y1 - y0) / 2
    return `<path d="M${at(x0)} ${at(y0)}C${at(x0)} ${at(y0 + bend)} ${at(x1)} ${at(y1 - bend)} ${at(x1)} ${at(y1)}"/>`
  }))
  const boxes = layers.flat().filter(box => box.label).map(box =>
    `<g><rect x="${at(box.x - box.width / 2)}" y="${at(top(box))}" width="${at(box.width)}" height="${boxHeight}" rx="5" fill="${colours[box.kind]}"/>`
    + `<text x="${at(box.x)}" y="${at(top(box) + 14)}" font-weight="600">${escaped(box.label)}</text><text x="${at(box.x)}" y="${at(top(box) + 27)}" class="detail">${escaped(box.detail)}</text></g>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}" role="img" font-family="system-ui, sans-serif" font-size="11">
<style>path{fill:none;stroke:#8b949e;stroke-width:1.2}text{fill:#fff;text-anchor:middle}.detail{font-size:9.5px;opacity:.85}</style>
${edges.join('\n')}
${boxes.join('\n')}
</svg>
`
}

/** Boxes by layer, with bends where an edge passes a layer. */
function placed(graph: Graph): Box[][] {
  const layers: Box[][] = []
  const boxes = new Map<Value, Box>()
  const names = new Map(graph.inputs.map(i => [i.value, i]))
  const isWritten = (value: Value): boolean => value.node.operator === 'Constant' && value.node.data!.length === 1
  const put = (box: Omit<Box, 'x' | 'width'>): Box => {
    const whole = { ...box, x: 0, width: box.label ? Math.max(52, letter * Math.max(box.label.length, 0.9 * box.detail.length) + 12) : 8 }
    ;(layers[box.layer] ??= []).push(whole)
    return whole
  }
  /** The box, or a bend under it, in the layer above. */
  const bends = new Map<Box, Box[]>()
  const reach = (from: Box, layer: number): Box => {
    const chain = bends.get(from) ?? [from]
    bends.set(from, chain)
    while (chain.at(-1)!.layer < layer) chain.push(put({ label: '', detail: '', kind: 'bend', layer: chain.at(-1)!.layer + 1, above: [chain.at(-1)!] }))
    return chain[layer - from.layer]
  }
  const depth = new Map<Node, number>()
  for (const node of graphNodes(graph)) {
    const read = [...new Set(node.inputs)].filter(v => !isWritten(v))
    const layer = read.reduce((most, v) => Math.max(most, depth.get(v.node)! + 1), 0)
    depth.set(node, layer)
    if (node.inputs.length === 0) continue
    for (const value of read) if (!boxes.has(value)) boxes.set(value, put({ ...labelOf(value, names), layer: depth.get(value.node)!, above: [] }))
    const written = (values: readonly Value[]): string[] => values.filter(isWritten).map(v => short(v.node.data![0]))
    // A number before the operator is the first operand: 1 Sub is 1 − x.
    const [first, ...others] = node.inputs
    const label = (commutativeOperators.has(node.operator) ? [node.operator, ...written(node.inputs)] : [...written([first]), node.operator, ...written(others)]).join(' ')
    const box = put({ label, detail: shapeText(node.outputs[0]), kind: kindOf(node), layer, above: read.map(v => reach(boxes.get(v)!, layer - 1)) })
    for (const value of node.outputs) boxes.set(value, box)
  }
  const last = layers.length
  for (const { name, role, value } of graph.outputs) {
    const from = boxes.get(value) ?? put({ ...labelOf(value, names), layer: 0, above: [] })
    boxes.set(value, from)
    put({ label: name, detail: role === 'state' ? 'new state' : 'output', kind: 'output', layer: Math.min(last, from.layer + 1), above: [from] })
  }
  return layers
}

const labelOf = (value: Value, names: ReadonlyMap<Value, Graph['inputs'][number]>): Pick<Box, 'label' | 'detail' | 'kind'> => {
  const input = names.get(value)
  return input ? { label: input.name, detail: `${input.role} ${shapeText(value)}`, kind: input.role } : { label: 'constant', detail: shapeText(value), kind: 'constant' }
}

const shapeText = ({ shape }: Value): string => (shape.length === 0 ? 'scalar' : shape.join(' × '))
const short = (x: number): string => String(Number(x.toPrecision(3)))

/** Orders each layer by the mean place of what it is joined with, downwards and upwards in turn, and sets the places. */
function spread(layers: readonly Box[][], width: number): void {
  const below = new Map<Box, Box[]>()
  for (const box of layers.flat()) for (const from of box.above) below.set(from, [...(below.get(from) ?? []), box])
  const arrange = (row: Box[]): void => {
    const used = row.reduce((sum, box) => sum + box.width, 0)
    const space = (width - used) / (row.length + 1)
    let x = space
    for (const box of row) {
      box.x = x + box.width / 2
      x += box.width + space
    }
  }
  layers.forEach(arrange)
  for (let round = 0; round < 12; round++) {
    const downwards = round % 2 === 0
    for (const row of downwards ? layers : [...layers].reverse()) {
      const place = (box: Box): number => {
        const joined = downwards ? box.above : below.get(box) ?? []
        return joined.length === 0 ? box.x : joined.reduce((sum, other) => sum + other.x, 0) / joined.length
      }
      const places = new Map(row.map(box => [box, place(box)]))
      row.sort((a, b) => places.get(a)! - places.get(b)!)
      arrange(row)
    }
  }
}

const at = (x: number): string => String(Math.round(10 * x) / 10)
const escaped = (text: string): string => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)
