/**
 * Entries of a list under their headings, as selects take them: those without one come first, then each heading where it first occurs.
 * Selects take each entry with a `group` for a heading, so that only headings keep it.
 */
export function grouped<Entry extends { group?: string }>(entries: readonly Entry[]): (Omit<Entry, 'group'> | { group: string; items: Omit<Entry, 'group'>[] })[] {
  const alone: Omit<Entry, 'group'>[] = []
  const headings = new Map<string, Omit<Entry, 'group'>[]>()
  for (const { group, ...entry } of entries) {
    if (group) headings.set(group, [...(headings.get(group) ?? []), entry])
    else alone.push(entry)
  }
  return [...alone, ...Array.from(headings, ([group, items]) => ({ group, items }))]
}
