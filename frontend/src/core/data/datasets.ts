/** A dataset with its versions: an uploaded table, or a sample. */

import type { Schemas } from '../base/schemas'
import type { Params } from '../base/json'

export const DATASET_MODULE = 'data.dataset'

export type DatasetVersion = Schemas['DatasetVersion']
export type Dataset = Schemas['Dataset']

/** The parsing rules for a text file. */
export interface Reading {
  /** Texts that mean a missing value, separated by commas. */
  missingWords: string
  /** Whether they do in text columns too. */
  missingInText: boolean
  /** The order in dates such as 03/04/2024; auto keeps text where no value of the column decides it. */
  dates: 'auto' | 'day_first' | 'month_first'
}

export const DEFAULT_READING: Reading = { missingWords: 'NA, N/A, #N/A, <NA>, NaN, -NaN, null, None, ?, -, ., \\N', missingInText: false, dates: 'auto' }

/** The parsing rules of a version; the defaults where they were not recorded. */
export function readingOf(version: DatasetVersion | undefined): Reading {
  if (!version?.reading) return DEFAULT_READING
  const { missing_words, missing_in_text, dates } = version.reading
  return { missingWords: missing_words, missingInText: missing_in_text, dates }
}

/** The non-default parsing rules of a version, in words; null when all are defaults. */
export function readingWords(version: DatasetVersion): string | null {
  const { missingWords, missingInText, dates } = readingOf(version)
  const words = [
    missingWords !== DEFAULT_READING.missingWords && (missingWords ? `missing values ${missingWords}` : 'no missing values'),
    missingInText && 'missing values also in text columns',
    dates === 'day_first' && 'dates with the day first',
    dates === 'month_first' && 'dates with the month first',
  ].filter(Boolean)
  return words.length ? `Options of the upload: ${words.join('; ')}.` : null
}

/** The extensions in a file picker; the server checks the content and decides. */
export const ACCEPTED_ENDINGS = ['.csv', '.tsv', '.tab', '.txt', '.parquet', '.pq', '.xlsx', '.xlsm', '.json', '.jsonl', '.ndjson', '.arrow', '.feather', '.ipc', '.zip', '.tar', '.tgz', '.tbz2', '.txz', '.gz', '.bz2', '.xz']

export function versionOf(dataset: Dataset, number: number): DatasetVersion | undefined {
  return dataset.versions.find((one) => one.number === number)
}

/** Saved values as choices by their title; of those with equal titles, the name in pipelines tells which is which. */
export function choicesOf(saved: readonly { name: string; title: string }[]): { value: string; label: string }[] {
  const titles = saved.map(titleOf)
  const isAlone = (title: string) => titles.indexOf(title) === titles.lastIndexOf(title)
  return saved.map((each) => ({ value: each.name, label: isAlone(titleOf(each)) ? titleOf(each) : `${titleOf(each)} (${each.name})` }))
}

export interface DatasetVersionOf {
  dataset: Dataset
  version: number
}

/** The version of a dataset that a card reads: the one it names, else the newest; null when there is none. */
export function datasetOf({ module, params }: { module: string; params: Params }, datasets: readonly Dataset[]): DatasetVersionOf | null {
  const dataset = module === DATASET_MODULE ? datasets.find(({ name }) => name === params.dataset) : undefined
  const version = typeof params.version === 'number' ? params.version : dataset?.version
  return dataset && version !== undefined && versionOf(dataset, version) ? { dataset, version } : null
}

export function newestFirst(dataset: Dataset): DatasetVersion[] {
  return dataset.versions.toSorted((a, b) => b.number - a.number)
}

/** Own datasets first, then the samples; each by title. */
export function inOrder(datasets: Dataset[]): Dataset[] {
  return datasets.toSorted((a, b) => Number(a.sample) - Number(b.sample) || titleOf(a).localeCompare(titleOf(b)))
}

export function titleOf(dataset: Pick<Dataset, 'name' | 'title'>): string {
  return dataset.title || dataset.name
}

/** A file name without its extension, .tar.gz as a whole. */
export const stemOf = (fileName: string) => fileName.replace(/(\.tar)?\.[^.]*$/i, '') || fileName

export function isAccepted(fileName: string): boolean {
  return ACCEPTED_ENDINGS.some((ending) => fileName.toLowerCase().endsWith(ending))
}

/** How many columns there are of each kind, the most frequent first. */
export function kindCounts({ columns }: Pick<Dataset, 'columns'>): [Dataset['columns'][number]['kind'], number][] {
  const counts = new Map<Dataset['columns'][number]['kind'], number>()
  for (const { kind } of columns) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort((one, two) => two[1] - one[1])
}

export function matchesSearch(dataset: Dataset, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return [dataset.name, dataset.title, dataset.source].some((text) => text.toLowerCase().includes(wanted))
}

/** The changed names to send; null when none changed, or one is empty. */
export function namesChanged(dataset: Dataset, typed: { title: string; name: string }): { title?: string; name?: string } | null {
  const title = typed.title.trim()
  const name = typed.name.trim()
  if (!title || !name) return null
  const changes = { ...(title !== dataset.title && { title }), ...(name !== dataset.name && { name }) }
  return Object.keys(changes).length ? changes : null
}
