import { z } from 'zod'

z.config({ jitless: true })

/**
 * Light data about one thing of a registry. The window builds its editors and help cards from it; the implementation behind
 * `load` is fetched only inside a job. One more problem, solver, quantizer, preset or panel is one file and one registry line.
 */
export interface Descriptor {
  readonly id: string
  readonly name: string
  /** One sentence: what it does and when to choose it. */
  readonly summary: string
  /** LaTeX without delimiters. */
  readonly equation?: string
  readonly reference?: { readonly text: string; readonly doi?: string; readonly arxiv?: string }
  /** zod object: keys carry `.describe()` (help) and `.meta({ title, unit })`, and defaults. */
  readonly options?: z.ZodObject
  /** Free capability words for the chooser, e.g. `elliptic`, `periodic`, `1d`. */
  readonly supports?: readonly string[]
}

/** A descriptor as it crosses to the window: options as JSON Schema. */
export interface DescriptorData extends Omit<Descriptor, 'options'> {
  readonly options?: Readonly<Record<string, unknown>>
}

export interface RegistryLine<Implementation> {
  readonly descriptor: Descriptor
  readonly load: () => Promise<Implementation>
}

export function descriptorData(descriptor: Descriptor): DescriptorData {
  const { options, ...rest } = descriptor
  return options ? { ...rest, options: z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown> } : rest
}
