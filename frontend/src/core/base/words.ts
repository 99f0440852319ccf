/** Words in sentences. */

/** A title within a sentence; names such as AUC, R² and L2 keep their capital. */
export const lowered = (title: string) => (/^[A-Z](?![a-z ])/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1))
