import { mathjax } from '@mathjax/src/js/mathjax.js'
import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js'
import type { LiteElement } from '@mathjax/src/js/adaptors/lite/Element.js'
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js'
import { TeX } from '@mathjax/src/js/input/tex.js'
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js'
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js'
import '@mathjax/src/js/input/tex/boldsymbol/BoldsymbolConfiguration.js'
import { SVG } from '@mathjax/src/js/output/svg.js'
import { MathJaxNewcmFont } from '@mathjax/mathjax-newcm-font/js/svg.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/accents.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/arrows.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/calligraphic.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/cyrillic.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/double-struck.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/fraktur.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/greek.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/latin.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/latin-b.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/latin-i.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/math.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/mshapes.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/PUA.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/script.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/shapes.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/symbols.js'
import '@mathjax/mathjax-newcm-font/js/svg/dynamic/variants.js'
import type { Affine, Outline } from './outline'
import { compose, identity, parseOutline, transformOutline } from './outline'

/** A formula as outlines of New Computer Modern: em units, y downwards, origin on the baseline at the left. */
export interface SetFormula {
  readonly outline: Outline
  readonly width: number
  /** Above the baseline, positive. */
  readonly ascent: number
  /** Below the baseline, positive. */
  readonly descent: number
  /** What could not be set, in words; the rest is set all the same. */
  readonly problem?: string
}

const adaptor = liteAdaptor()
let converter: ((tex: string) => LiteElement) | undefined

/** MathJax with the font's parts bound statically, so that it works synchronously and reads nothing at run time. */
function makeConverter(): (tex: string) => LiteElement {
  RegisterHTMLHandler(adaptor)
  mathjax.asyncLoad = () => undefined
  mathjax.asyncIsSynchronous = true
  const input = new TeX({ packages: ['base', 'ams', 'boldsymbol'], maxMacros: 1000, maxBuffer: 5000 })
  const output = new SVG({ fontCache: 'none', fontData: MathJaxNewcmFont, linebreaks: { inline: false } })
  const document = mathjax.document('', { InputJax: input, OutputJax: output })
  return tex => document.convert(tex, { display: false }) as LiteElement
}

const cache = new Map<string, SetFormula>()

/** Sets TeX (without dollar signs) as outlines. Never throws for what a user can type. */
export function setFormula(tex: string): SetFormula {
  const known = cache.get(tex)
  if (known) return known
  converter ??= makeConverter()
  const set = readSvg(converter(tex))
  if (cache.size >= 2000) cache.clear()
  cache.set(tex, set)
  return set
}

const perEm = 1000

function readSvg(container: LiteElement): SetFormula {
  const svg = adaptor.tags(container, 'svg')[0]
  const [left, top, width, height] = attribute(svg, 'viewBox').split(/\s+/).map(Number)
  const outline: Outline[number][] = []
  let problem: string | undefined
  const visit = (node: LiteElement, at: Affine): void => {
    const kind = adaptor.kind(node)
    const message = adaptor.getAttribute(node, 'data-mjx-error') as string | null
    if (message) problem ??= message
    const here = compose(at, transformOf(attribute(node, 'transform')))
    if (kind === 'path') outline.push(...transformOutline(parseOutline(attribute(node, 'd')), here))
    else if (kind === 'rect') outline.push(...transformOutline(rectangle(node), here))
    else if (kind === 'text') problem ??= `the characters "${adaptor.textContent(node)}" are not in the font`
    else {
      const inner = kind === 'svg' && node !== svg ? compose(here, nestedView(node)) : here
      for (const child of adaptor.childNodes(node)) if (adaptor.kind(child) !== '#text') visit(child as LiteElement, inner)
    }
  }
  visit(svg, [1 / perEm, 0, 0, 1 / perEm, -left / perEm, 0])
  return { outline, width: width / perEm, ascent: -top / perEm, descent: (height + top) / perEm, ...(problem ? { problem } : {}) }
}

const attribute = (node: LiteElement, name: string): string => (adaptor.getAttribute(node, name) as string | null) ?? ''
const number = (node: LiteElement, name: string): number => Number.parseFloat(attribute(node, name)) || 0

function rectangle(node: LiteElement): Outline {
  const [x, y, w, h] = ['x', 'y', 'width', 'height'].map(name => number(node, name))
  return [
    { command: 'M', numbers: [x, y] }, { command: 'L', numbers: [x + w, y] }, { command: 'L', numbers: [x + w, y + h] }, { command: 'L', numbers: [x, y + h] },
    { command: 'Z', numbers: [] },
  ]
}

/** A nested svg stretches one glyph piece of a large delimiter into its place. */
function nestedView(node: LiteElement): Affine {
  const [left, top, width, height] = attribute(node, 'viewBox').split(/\s+/).map(Number)
  const scaleX = width ? number(node, 'width') / width : 1
  const scaleY = height ? number(node, 'height') / height : 1
  return [scaleX, 0, 0, scaleY, number(node, 'x') - left * scaleX, number(node, 'y') - top * scaleY]
}

function transformOf(text: string): Affine {
  let at = identity
  for (const [, name, list] of text.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const n = list.split(/[\s,]+/).map(Number)
    if (name === 'translate') at = compose(at, [1, 0, 0, 1, n[0], n[1] ?? 0])
    else if (name === 'scale') at = compose(at, [n[0], 0, 0, n[1] ?? n[0], 0, 0])
    else if (name === 'matrix') at = compose(at, n as unknown as Affine)
  }
  return at
}
