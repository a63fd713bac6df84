import { continuedWithin, fitsOutline } from '../../shared/fields/outline'
import type { DomainOutline } from '../../shared/fields/outline'
import type { Picture } from './picture'

const continuations = new WeakMap<Picture, Picture>()

/** The picture with values a little beyond the domain, for what its rim cuts. */
export function continuedPicture(picture: Picture, outline: DomainOutline): Picture {
  let made = continuations.get(picture)
  if (!made) continuations.set(picture, (made = { ...picture, values: continuedWithin(outline, picture.x, picture.y, picture.values) ?? picture.values }))
  return made
}

/** The rim that cuts a picture of a field with nodes outside; undefined where it is that of another place, or not known. */
export const rimOf = (outline: DomainOutline | undefined, field: { readonly hasOutside?: boolean; readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] } }): DomainOutline | undefined =>
  outline && field.hasOutside && fitsOutline(outline, field.domain.x, field.domain.y) ? outline : undefined
