/** A dataset: rows somebody uploaded, or a sample everybody has, with its versions. */

import type { Column } from './tables'

export interface DatasetVersion {
  number: number
  created_at: string
  rows: number
  bytes: number
  file_name: string
}

export interface Dataset {
  id: string
  name: string
  title: string
  source: string
  workspace: string | null
  sample: boolean
  version: number
  versions: DatasetVersion[]
  rows: number
  bytes: number
  columns: Column[]
  created_at: string
}

export const ACCEPTED_ENDINGS = ['.csv', '.tsv', '.txt', '.parquet', '.xlsx', '.json', '.arrow', '.feather']

/** The name the server will give an upload, so that people see it before they send. */
export function nameFromFile(fileName: string): string {
  const stem = fileName.replace(/\.[^.]+$/, '')
  return stem.trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'dataset'
}

export function isAccepted(fileName: string): boolean {
  return ACCEPTED_ENDINGS.some((ending) => fileName.toLowerCase().endsWith(ending))
}

export function matchesSearch(dataset: Dataset, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return [dataset.name, dataset.title, dataset.source].some((text) => text.toLowerCase().includes(wanted))
}
