interface Named {
  title: string
  more?: string
}

/** Those that contain every word of the query; of these, titles that start with it come first. */
export function matching<Found extends Named>(all: readonly Found[], query: string): Found[] {
  const asked = query.trim().toLowerCase()
  const words = asked.split(/\s+/)
  const found = all.filter(({ title, more = '' }) => words.every((word) => `${title} ${more}`.toLowerCase().includes(word)))
  const rank = ({ title }: Found) => (title.toLowerCase().startsWith(asked) ? 0 : title.toLowerCase().includes(asked) ? 1 : 2)
  return found.toSorted((one, two) => rank(one) - rank(two))
}
