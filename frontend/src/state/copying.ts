/** Copies a text. False without a clipboard, which is missing where a page is served over plain HTTP from another machine. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
