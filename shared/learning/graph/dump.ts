import { describeType, graphNodes, sizeOf, type Attribute, type Data, type Graph, type Node, type Value } from './graph'
import { operatorNamed } from './operators'

/**
 * A graph as text, one line for each node in the order of execution, every value assigned once:
 *
 *     %4: real[32, 8] = MatMul(%x, %w)            2.1 kflop   BatchMatMul at layer (fno.ts:41)
 *
 * Inputs and state carry their names, constants show their values when they are few. Columns line up; the same graph gives the same text.
 */
export function dumpGraph(graph: Graph): string {
  const names = new Map<Value, string>()
  for (const { name, value } of graph.inputs) names.set(value, `%${name}`)
  const lines: { readonly text: string; readonly operations: string; readonly origin: string }[] = graph.inputs.map(({ name, role, value }) => ({ text: `%${name}: ${describeType(value)} = ${role}`, operations: '', origin: '' }))
  let count = 0
  for (const node of graphNodes(graph)) {
    if (node.operator === 'Input') continue
    for (const value of node.outputs) names.set(value, `%${count++}`)
    const left = node.outputs.map(value => `${names.get(value)!}: ${describeType(value)}`).join(', ')
    lines.push({ text: `${left} = ${rightSide(node, names)}`, operations: operationsText(node), origin: node.origin ?? '' })
  }
  for (const { name, role, value } of graph.outputs) lines.push({ text: `${role} ${name} = ${names.get(value)!}`, operations: '', origin: '' })
  const width = Math.min(100, Math.max(0, ...lines.map(l => l.text.length)))
  return lines.map(({ text, operations, origin }) => `${text.padEnd(width)}  ${operations.padStart(10)}  ${origin}`.trimEnd()).join('\n') + '\n'
}

function rightSide(node: Node, names: ReadonlyMap<Value, string>): string {
  if (node.data) return `Constant ${dataText(node.data)}`
  const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${attributeText(value)}`)
  return `${node.operator}(${[...node.inputs.map(v => names.get(v)!), ...attributes].join(', ')})`
}

const attributeText = (value: Attribute): string => (typeof value === 'object' ? `[${value.join(', ')}]` : String(value))

const dataText = (data: Data): string => (data.length <= 6 ? `{${Array.from(data, short).join(', ')}}` : `{${Array.from(data.slice(0, 4), short).join(', ')}, …}`)
const short = (x: number): string => (Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(6))))

function operationsText(node: Node): string {
  if (node.data) return ''
  const operations = operatorNamed(node.operator).operations?.(node.inputs, node.outputs, node.attributes) ?? 0
  return operations === 0 ? '' : `${quantity(operations)}flop`
}

/** 2.1 k, 31 M: two digits and a prefix. */
export function quantity(x: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T']
  let i = 0
  let rest = x
  for (; rest >= 999.5 && i < prefixes.length - 1; i++) rest /= 1000
  return `${rest < 9.95 && i > 0 ? rest.toFixed(1) : Math.round(rest)} ${prefixes[i]}`
}

/** Nodes, arithmetic operations of one run, and how many there are of each operator, most frequent first. */
export function countOperators(graph: Graph): { readonly nodes: number; readonly operations: number; readonly byOperator: Readonly<Record<string, number>>; readonly constants: number } {
  const counts = new Map<string, number>()
  let [operations, constants] = [0, 0]
  for (const node of graphNodes(graph)) {
    if (node.operator === 'Constant') constants += sizeOf(node.outputs[0].shape)
    if (node.operator === 'Input' || node.operator === 'Constant') continue
    counts.set(node.operator, (counts.get(node.operator) ?? 0) + 1)
    operations += operatorNamed(node.operator).operations?.(node.inputs, node.outputs, node.attributes) ?? 0
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return { nodes: sorted.reduce((sum, [, n]) => sum + n, 0), operations, byOperator: Object.fromEntries(sorted), constants }
}
