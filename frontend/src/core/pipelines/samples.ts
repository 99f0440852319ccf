/** Finding samples, in the gallery and in the palette. */

export interface Findable {
  title: string
  summary: string
  learn: string
  task: string
  tags: readonly string[]
}

/** The samples of a task, or of all when it is empty, that have every word of the query somewhere. */
export function findSamples<Sample extends Findable>(samples: readonly Sample[], query: string, task = ''): Sample[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return samples.filter((sample) => (task === '' || sample.task === task) && words.every((word) => textOf(sample).includes(word)))
}

/** Each task once, in the order of the samples. */
export const tasksOf = (samples: readonly Findable[]): string[] => [...new Set(samples.map(({ task }) => task))]

const textOf = ({ title, summary, learn, task, tags }: Findable) => [title, summary, learn, task, ...tags].join(' ').toLowerCase()
