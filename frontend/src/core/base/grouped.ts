/** Entries of a list under their headings, as selects take them: those without one come first, then each heading where it first occurs. */
export function grouped<Entry extends { group?: string }>(entries: readonly Entry[]): (Entry | { group: string; items: Entry[] })[] {
  const headings = new Map<string, Entry[]>()
  for (const entry of entries) if (entry.group) headings.set(entry.group, [...(headings.get(entry.group) ?? []), entry])
  return [...entries.filter(({ group }) => !group), ...Array.from(headings, ([group, items]) => ({ group, items }))]
}
