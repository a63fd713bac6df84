/** Menus in the order of the menu bar. */
export const menus = ['File', 'Edit', 'View', 'Compute', 'Help'] as const
export type MenuName = (typeof menus)[number]

/**
 * One thing a user can do. The list of commands is the only source of menus, palette, shortcuts and their help; the native menu of the
 * desktop host names them by id.
 */
export interface Command {
  readonly id: string
  /** As in a menu: "Save as…". */
  readonly title: string
  readonly menu: MenuName
  /** Commands of one section stand together; sections are divided by a line. */
  readonly section: string
  /** First is shown in menus; the others work too. */
  readonly keys?: readonly string[]
  /** Kept out of the menu bar (still in the palette), e.g. one command per step. */
  readonly paletteOnly?: boolean
  /** Works while the caret is in a text field. Combinations with Mod or a function key always do. */
  readonly checked?: boolean
  readonly enabled: boolean
  /** More words under which the palette finds it. */
  readonly keywords?: readonly string[]
  run(): void | Promise<unknown>
}

/** True for keys that mean text while the caret is in a field. */
export const isTextKey = (keys: string): boolean => !/^(Mod|Ctrl|Alt)\+|^(Shift\+)?F\d+$/.test(keys)

/** Undo and the like belong to a text field while the caret is in it. */
export const isFieldKey = (keys: string): boolean => /^Mod\+(Shift\+)?[ZYAXCV]$/i.test(keys)
