/** An address under which the page can show bytes; revoke it when it is no longer shown. */
export const blobUrl = (bytes: Uint8Array, type: string): string => URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
