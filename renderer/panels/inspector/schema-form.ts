import { isJsonArray, isJsonObject, type Json } from '../../../shared/json'
import type { DescriptorData } from '../../../shared/descriptor'
import type { Registry } from '../../../shared/protocol/contract'
import type { StepEnvelope } from '../../../shared/experiment/document'

/** One control of a form made from a descriptor's options (JSON Schema). */
export interface FormField {
  readonly key: string
  readonly title: string
  readonly help?: string
  readonly unit?: string
  readonly required: boolean
  readonly default: Json | undefined
  /** What leaving it out means, in a word: "none", "no limit". */
  readonly unset?: string
  /** Other options of the step, and the values of them that this one belongs to. */
  readonly when?: Readonly<Record<string, Json>>
  /** What the statement, or the step, must have for this to mean anything. */
  readonly needs?: 'time' | 'data'
  readonly control: Control
}

export type Control =
  /** `ofSteps`: the choices are steps as they are there now; none may be meant even where there is one. */
  | { readonly kind: 'choice'; readonly choices: readonly { readonly value: Json; readonly label: string }[]; readonly ofSteps?: true }
  /** Several steps, or one. */
  | { readonly kind: 'steps'; readonly steps: readonly string[] }
  | { readonly kind: 'number'; readonly integer: boolean; readonly minimum?: number; readonly maximum?: number; readonly exclusiveMinimum?: number; readonly exclusiveMaximum?: number; /** Words that may stand in the place of a number: `auto`. */ readonly words?: readonly string[] }
  /** Any of several words. */
  | { readonly kind: 'several'; readonly choices: readonly { readonly value: string; readonly label: string }[] }
  /** Names, separated by commas. */
  | { readonly kind: 'words' }
  /** Values by name: `nu = 0.01, k = 2`. */
  | { readonly kind: 'named' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  /** A list of numbers of a length that the field limits; `orNumber` where one number stands for all. */
  | { readonly kind: 'numbers'; readonly integer: boolean; readonly orNumber: boolean }
  | { readonly kind: 'group'; readonly fields: readonly FormField[] }
  /** One of several shapes (a method and its options); `discriminator` names the property that tells them apart. */
  | { readonly kind: 'variants'; readonly discriminator: string; readonly variants: readonly { readonly value: string; readonly title: string; readonly fields: readonly FormField[]; readonly suggests?: Suggestions }[] }
  /** Anything else is edited as JSON. */
  | { readonly kind: 'json' }

/** Values elsewhere in the step that go well with a choice, by path: `budget.steps`. */
export type Suggestions = Readonly<Record<string, Json>>

type Schema = Readonly<Record<string, unknown>>

export interface FormContext {
  readonly registry: Registry
  /** Ids of steps that may be named. */
  readonly steps: readonly string[]
  /** Their kinds, for options that name steps of some kinds only. */
  readonly kinds?: Readonly<Record<string, string>>
}

/** The controls of a schema's properties, in its order. */
export function formFields(schema: Schema | undefined, context: FormContext): FormField[] {
  const properties = (schema?.properties ?? {}) as Record<string, Schema>
  const required = new Set((schema?.required as string[] | undefined) ?? [])
  return Object.entries(properties).map(([key, property]) => ({
    key,
    title: (property.title as string | undefined) ?? wordsFrom(key),
    help: property.description as string | undefined,
    unit: property.unit as string | undefined,
    required: required.has(key),
    default: property.default as Json | undefined,
    ...(typeof property.unset === 'string' ? { unset: property.unset } : {}),
    ...(property.when ? { when: property.when as Readonly<Record<string, Json>> } : {}),
    ...(property.needs ? { needs: property.needs as 'time' | 'data' } : {}),
    control: controlOf(property, context),
  }))
}

export function controlOf(schema: Schema, context: FormContext): Control {
  if (schema.registry === 'methods') return choices(context.registry.methods.map(({ id, name }) => [id, name]))
  if (schema.registry === 'identification') return choices(context.registry.identification.map(({ id, name }) => [id, name]))
  if (schema.registry === 'step') {
    const wanted = schema.of as readonly string[] | undefined
    const steps = context.steps.filter(id => !wanted || !context.kinds || wanted.includes(context.kinds[id]))
    return { kind: 'choice', choices: steps.map(id => ({ value: id, label: id })), ofSteps: true }
  }
  if (schema.registry === 'steps') return { kind: 'steps', steps: context.steps }
  if (Array.isArray(schema.enum)) return choices((schema.enum as Json[]).map(value => [value, choiceLabel(value)]))
  if (schema.const !== undefined) return choices([[schema.const as Json, choiceLabel(schema.const as Json)]])
  const alternatives = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined
  if (alternatives) return alternativesControl(alternatives, context)
  switch (schema.type) {
    case 'boolean':
      return { kind: 'boolean' }
    case 'integer':
    case 'number':
      return numberControl(schema)
    case 'string':
      return { kind: 'text' }
    case 'array': {
      const item = innermost(schema.items as Schema | undefined)
      if (item?.type === 'number' || item?.type === 'integer') return { kind: 'numbers', integer: item.type === 'integer', orNumber: false }
      if (item && Array.isArray(item.enum)) return { kind: 'several', choices: (item.enum as string[]).map(value => ({ value, label: (schema.labels as Record<string, string> | undefined)?.[value] ?? choiceLabel(value) })) }
      return item?.type === 'string' ? { kind: 'words' } : { kind: 'json' }
    }
    case 'object':
      if (schema.properties) return { kind: 'group', fields: formFields(schema, context) }
      return isScalar(schema.additionalProperties as Schema | undefined) ? { kind: 'named' } : { kind: 'json' }
    default:
      return { kind: 'json' }
  }
}

/** Of a record's values: numbers, or expressions. */
function isScalar(schema: Schema | undefined): boolean {
  const types = ((schema?.anyOf as Schema[] | undefined) ?? [schema]).flatMap(option => option?.type)
  return types.every(type => type === 'number' || type === 'string')
}

const choices = (list: readonly (readonly [Json, string])[]): Control => ({ kind: 'choice', choices: list.map(([value, label]) => ({ value, label })) })

function numberControl(schema: Schema): Control {
  // The schema writes the largest safe integers where no limit was meant.
  const limit = (name: string): number | undefined => (typeof schema[name] === 'number' && Math.abs(schema[name]) < Number.MAX_SAFE_INTEGER ? schema[name] : undefined)
  return {
    kind: 'number', integer: schema.type === 'integer',
    minimum: limit('minimum'), maximum: limit('maximum'), exclusiveMinimum: limit('exclusiveMinimum'), exclusiveMaximum: limit('exclusiveMaximum'),
  }
}

/** `number | number[]` is a list of numbers; constants are a choice; objects told apart by one constant are variants. */
function alternativesControl(alternatives: readonly Schema[], context: FormContext): Control {
  if (alternatives.every(schema => schema.const !== undefined)) return choices(alternatives.map(schema => [schema.const as Json, choiceLabel(schema.const as Json)]))
  const inner = alternatives.map(schema => controlOf(schema, context))
  const list = inner.find(control => control.kind === 'numbers')
  const single = inner.find(control => control.kind === 'number')
  if (list?.kind === 'numbers' && inner.every(control => control.kind === 'number' || control.kind === 'numbers')) {
    return { kind: 'numbers', integer: list.integer && (single?.kind !== 'number' || single.integer), orNumber: single !== undefined }
  }
  const words = alternatives.flatMap(schema => (typeof schema.const === 'string' ? [schema.const] : []))
  if (single?.kind === 'number' && words.length === alternatives.length - 1) return { ...single, words }
  const discriminator = discriminatorOf(alternatives)
  if (discriminator !== undefined) {
    return {
      kind: 'variants',
      discriminator,
      variants: alternatives.map(schema => {
        const { [discriminator]: own, ...rest } = schema.properties as Record<string, Schema>
        return { value: String(own.const), title: (schema.title as string | undefined) ?? wordsFrom(String(own.const)), fields: formFields({ ...schema, properties: rest }, context), ...(schema.suggests ? { suggests: schema.suggests as Suggestions } : {}) }
      }),
    }
  }
  // A name or a richer object: the name is what a form offers.
  return inner.find(control => control.kind === 'choice' || control.kind === 'text') ?? { kind: 'json' }
}

function discriminatorOf(alternatives: readonly Schema[]): string | undefined {
  const [first] = alternatives
  const names = Object.keys((first?.properties as object | undefined) ?? {})
  return names.find(name => alternatives.every(schema => (schema.properties as Record<string, Schema> | undefined)?.[name]?.const !== undefined))
}

/** The item's own schema; of alternatives the simplest. */
function innermost(schema: Schema | undefined): Schema | undefined {
  const alternatives = (schema?.anyOf ?? schema?.oneOf) as Schema[] | undefined
  return alternatives?.find(option => option.type === 'number' || option.type === 'integer') ?? schema
}

/** The form of a step: its kind's options, then those of its method. */
export function stepFields(step: StepEnvelope, registry: Registry, steps: readonly StepEnvelope[]): { readonly kind: DescriptorData | undefined; readonly method: DescriptorData | undefined; readonly fields: readonly FormField[]; readonly methodFields: readonly FormField[] } {
  const context: FormContext = { registry, steps: steps.map(s => s.id).filter(id => id !== step.id), kinds: Object.fromEntries(steps.map(s => [s.id, s.kind])) }
  const kind = registry.steps.find(descriptor => descriptor.id === step.kind)
  const fields = formFields(kind?.options, context)
  const properties = (kind?.options as Schema | undefined)?.properties as Record<string, Schema> | undefined
  const methods = { methods: registry.methods, identification: registry.identification }[String(properties?.method?.registry)]
  const id = typeof step.method === 'string' ? step.method : fields.find(field => field.key === 'method')?.default
  const method = methods?.find(descriptor => descriptor.id === id)
  const own = new Set(fields.map(field => field.key))
  return { kind, method, fields, methodFields: formFields(method?.options, context).filter(field => !own.has(field.key)) }
}

/** Names of schemes such as `etdrk4` are written in capitals, the rest as words. */
const choiceLabel = (value: Json): string => (/^float\d+$/.test(String(value)) ? String(value) : /^[a-z]+\d+$/.test(String(value)) ? String(value).toUpperCase() : wordsFrom(String(value)))

/** Names of methods as the literature writes them. */
const written: Readonly<Record<string, string>> = {
  cg: 'CG', minres: 'MINRES', gmres: 'GMRES', bicgstab: 'BiCGStab', amg: 'AMG', sor: 'SOR', ilu: 'ILU', bdf: 'BDF', rk4: 'RK4', tsit5: 'Tsit5', dop853: 'DOP853', imex: 'IMEX', esdirk: 'ESDIRK',
  etdrk4: 'ETDRK4', adam: 'Adam', lbfgs: 'L-BFGS', 'crank-nicolson': 'Crank–Nicolson', 'fast-poisson': 'Fast Poisson', strang: 'Strang', yoshida: 'Yoshida', weno5: 'WENO5', chebyshev: 'Chebyshev', fourier: 'Fourier',
  adamw: 'AdamW', svd: 'Singular values', ntk: 'NTK', relu: 'ReLU', 'relu-squared': 'ReLU squared', 'relu-cubed': 'ReLU cubed', gelu: 'GELU', 'gelu-tanh': 'GELU, by tanh', gaussian: 'Gaussian', cholesky: 'Cholesky', woodbury: 'Woodbury',
  sobol: 'Sobol', halton: 'Halton', 'latin-hypercube': 'Latin hypercube', nitsche: 'Nitsche', glorot: 'Glorot', torch: 'As PyTorch', 'he-normal': 'He, normal', 'glorot-normal': 'Glorot, normal', 'glorot-uniform': 'Glorot, uniform',
}

/** `finite-difference` → `finite difference`; `timeStep` → `time step`; acronyms stay. */
export function wordsFrom(key: string): string {
  if (Object.hasOwn(written, key)) return written[key]
  return key.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[-_]/g, ' ').replace(/[A-Z](?![A-Z])/g, letter => letter.toLowerCase()).replace(/^./, letter => letter.toUpperCase())
}

/** How a list of numbers is written in a field: `129, 129`. */
export function numbersText(value: Json | undefined): string {
  if (isJsonArray(value)) return value.map(entry => (isJsonArray(entry) ? entry.join('×') : String(entry))).join(', ')
  return value === undefined || isJsonObject(value) ? '' : String(value)
}

/** Reads `129, 129`, `129 × 129`, or one number where one stands for all; or says why not. */
export function numbersFrom(text: string, control: Extract<Control, { kind: 'numbers' }>, evaluate: (text: string) => number | undefined): { readonly value: Json } | { readonly fault: string } {
  const parts = text.split(/[,;×]|\s+x\s+/).map(part => part.trim()).filter(Boolean)
  if (parts.length === 0) return { fault: 'Give at least one number.' }
  const numbers = parts.map(evaluate)
  const wrong = numbers.findIndex(value => value === undefined || !Number.isFinite(value) || (control.integer && !Number.isInteger(value)))
  if (wrong >= 0) return { fault: `“${parts[wrong]}” is not ${control.integer ? 'a whole number' : 'a number'}.` }
  return { value: control.orNumber && numbers.length === 1 ? (numbers[0] as number) : (numbers as number[]) }
}

/** Reads a number or an expression of constants, within the control's limits; or says why not. */
export function numberFrom(text: string, control: Extract<Control, { kind: 'number' }>, evaluate: (text: string) => number | undefined): { readonly value: number } | { readonly fault: string } {
  const value = evaluate(text)
  if (value === undefined || !Number.isFinite(value)) return { fault: `“${text}” is not a number${control.words ? `, nor “${control.words.join('” or “')}”` : ''}.` }
  if (control.integer && !Number.isInteger(value)) return { fault: 'This must be a whole number.' }
  if (control.minimum !== undefined && value < control.minimum) return { fault: `The least value is ${control.minimum}.` }
  if (control.maximum !== undefined && value > control.maximum) return { fault: `The largest value is ${control.maximum}.` }
  if (control.exclusiveMinimum !== undefined && value <= control.exclusiveMinimum) return { fault: `The value must be greater than ${control.exclusiveMinimum}.` }
  if (control.exclusiveMaximum !== undefined && value >= control.exclusiveMaximum) return { fault: `The value must be less than ${control.exclusiveMaximum}.` }
  return { value }
}

/** How values by name are written in a field: `nu = 0.01, k = 2`. */
export const namedText = (value: Json | undefined): string => (isJsonObject(value) ? Object.entries(value).map(([name, v]) => `${name} = ${String(v)}`).join(', ') : '')

/** Reads `nu = 0.01, k = 2*pi`; what is no number is kept as an expression. */
export function namedFrom(text: string): { readonly value: Json } | { readonly fault: string } {
  const parts = text.split(/[,;]/).map(part => part.trim()).filter(Boolean)
  const read = parts.map(part => /^([^=]+?)\s*=\s*(.+)$/.exec(part))
  const wrong = read.findIndex(match => match === null)
  if (wrong >= 0) return { fault: `“${parts[wrong]}” is not of the form name = value.` }
  return { value: Object.fromEntries(read.map(match => [match![1], Number.isFinite(Number(match![2])) ? Number(match![2]) : match![2]])) }
}

/** Options of one kind that mean the same in another: those that were given and have the same control and default there. */
export function keptOptions(value: Json | undefined, from: readonly FormField[], to: readonly FormField[]): Record<string, Json> {
  if (!isJsonObject(value)) return {}
  const same = (field: FormField): boolean => from.some(other => other.key === field.key && JSON.stringify([other.control, other.default ?? null]) === JSON.stringify([field.control, field.default ?? null]))
  return Object.fromEntries(to.filter(field => value[field.key] !== undefined && same(field)).map(field => [field.key, value[field.key]]))
}
