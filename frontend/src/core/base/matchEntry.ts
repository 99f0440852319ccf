/** Matches typed text to an entry of a list. */
interface Entry {
  value: string
  label: string
}

const single = <E>(found: readonly E[]): E | null => (found.length === 1 ? (found[0] ?? null) : null)
const plain = (text: string) => text.trim().toLowerCase()

/** The entry with this title, case-insensitive; with `loosely`, also the only one that contains the text, or else that begins with it. Null for none, or several. */
export function matchEntry<E extends Entry>(entries: readonly E[], typed: string, loosely = false): E | null {
  const wanted = plain(typed)
  if (wanted === '') return null
  const exact = entries.filter(({ label, value }) => label === typed.trim() || value === typed.trim())
  const alike = exact.length > 0 ? exact : entries.filter(({ label, value }) => plain(label) === wanted || plain(value) === wanted)
  if (alike.length > 0 || !loosely) return single(alike)
  const containing = entries.filter(({ label }) => plain(label).includes(wanted))
  return single(containing) ?? single(containing.filter(({ label }) => plain(label).startsWith(wanted)))
}
