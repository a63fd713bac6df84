/** Colours and fonts of drawings on canvas: the same neutrals as the window's tokens. Data has its own colours. */
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
}

export const inks: Readonly<Record<'light' | 'dark', Ink>> = {
  light: { background: '#ffffff', text: '#1d212b', secondary: '#5b6170', hairline: '#e9ebf0', axis: '#8d93a1', accent: '#3b5bdb', halo: 'rgba(255,255,255,0.85)', dark: false },
  dark: { background: '#181b22', text: '#e8eaf0', secondary: '#9ba1b0', hairline: '#272b35', axis: '#6d7382', accent: '#7b93ff', halo: 'rgba(24,27,34,0.85)', dark: true },
}

const sans = '"Inter Variable", Inter, system-ui, sans-serif'
export const tickFont = `11px ${sans}`
export const textFont = `12px ${sans}`
export const boldFont = `600 12px ${sans}`
/** Symbols of coordinates and unknowns. */
export const symbolFont = 'italic 14px "STIX Two Text", "Latin Modern Math", "Times New Roman", Times, serif'

/** Okabe and Ito (2008): eight colours told apart with every kind of colour vision; black becomes white on dark. Each series also has its dash. */
export function seriesStyle(index: number, ink: Ink): { readonly colour: string; readonly dash: readonly number[]; readonly marker: number } {
  const colours = [ink.dark ? '#56b4e9' : '#0072b2', '#e69f00', ink.dark ? '#2fc79a' : '#009e73', '#d55e00', '#cc79a7', ink.dark ? '#0f8fd6' : '#56b4e9', ink.text, ink.dark ? '#f0e442' : '#b3a800']
  const dashes = [[], [7, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 4], [2, 2, 6, 2], [10, 2, 2, 2, 2, 2]]
  return { colour: colours[index % 8], dash: dashes[index % 8], marker: index % 4 }
}
