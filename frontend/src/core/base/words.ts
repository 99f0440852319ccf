/** Words in sentences. */

/** A title within a sentence; names such as AUC, R² and L2 keep their capital. */
export const lowered = (title: string) => (/^[A-Z](?![a-z ])/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1))

/** A name of three words or more by its letters, as the field does: MAE, RMSE. */
export const initials = (title: string): string => {
  const words = title.split(/\s+/)
  return words.length > 2 && words.every((word) => /^[A-Za-z]/.test(word)) ? words.map((word) => word.charAt(0).toUpperCase()).join('') : title
}
