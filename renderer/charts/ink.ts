/** Colours and fonts of drawings on canvas: the window's tokens, so that canvas and controls change together. Data has its own colours. */
export interface Ink {
  readonly background: string
  readonly text: string
  readonly secondary: string
  readonly hairline: string
  /** Axis lines and ticks. */
  readonly axis: string
  readonly accent: string
  /** Under text that crosses data. */
  readonly halo: string
  readonly dark: boolean
  /** Length of 1/16 rem in CSS pixels: 1 at the usual text size, 2 at 200 %. */
  readonly unit: number
  readonly tickFont: string
  readonly textFont: string
  readonly boldFont: string
  /** Symbols of coordinates and unknowns: letters, what stands upright in them, and the same as indices. */
  readonly symbolFont: string
  readonly symbolFonts: Readonly<Record<'italic' | 'upright' | 'italicIndex' | 'uprightIndex', string>>
}

const tokens = {
  light: { '--surface': '#ffffff', '--text': '#14171c', '--text-secondary': '#555d6b', '--hairline': '#e3e6eb', '--idle': '#8b93a1', '--accent': '#3450cf' },
  dark: { '--surface': '#15181d', '--text': '#e7e9ed', '--text-secondary': '#a2a9b6', '--hairline': '#272c35', '--idle': '#737b89', '--accent': '#8099ff' },
} as const

/** The ink of a theme; `read` looks a token up (`getPropertyValue`), what it does not know has the value above. */
export function inkOf(theme: 'light' | 'dark', read: (token: string) => string = () => '', unit = 1): Ink {
  const token = (name: keyof typeof tokens.light): string => read(name).trim() || tokens[theme][name]
  const font = (style: string, size: number, family: string): string => `${style}${(size * unit).toFixed(2)}px ${family}`
  const serif = (upright: boolean): string => `"STIX Two Text", ${upright ? 'KaTeX_Main' : 'KaTeX_Math'}, "Latin Modern Roman", "Times New Roman", Times, serif`
  const symbolFonts = { italic: font('italic ', 15, serif(false)), upright: font('', 15, serif(true)), italicIndex: font('italic ', 10.5, serif(false)), uprightIndex: font('', 10.5, serif(true)) }
  const sans = '"Inter Variable", Inter, system-ui, sans-serif'
  return {
    background: token('--surface'), text: token('--text'), secondary: token('--text-secondary'), hairline: token('--hairline'), axis: token('--idle'), accent: token('--accent'),
    halo: theme === 'dark' ? 'rgba(21,24,29,0.82)' : 'rgba(255,255,255,0.85)', dark: theme === 'dark', unit,
    tickFont: font('', 11, sans), textFont: font('', 12, sans), boldFont: font('600 ', 12, sans),
    symbolFont: symbolFonts.italic, symbolFonts,
  }
}

export interface SeriesStyle { readonly colour: string; readonly dash: readonly number[]; readonly marker: number }

/** Okabe and Ito (2008): colours told apart with every kind of colour vision, a little lighter on dark; each series has its own dash and marker as well. */
export function seriesStyle(index: number, ink: Ink): SeriesStyle {
  const colours = ink.dark ? ['#56b4e9', '#e69f00', '#2fc79a', '#f07b3f', '#cc79a7', '#9fb7ff', '#e7e9ed', '#f0e442'] : ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b07a00', '#2f93cf', '#14171c', '#8a8200']
  const dashes = [[], [7, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 4], [2, 2, 6, 2], [10, 2, 2, 2, 2, 2]]
  return { colour: colours[index % 8], dash: dashes[index % 8], marker: index % 4 }
}
