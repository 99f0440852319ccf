/** The formats in which a result of a kind can be downloaded, as links. */
import { downloadUrl, type TablePlace } from '../server/rest'
import { useCatalogue } from './catalogue'

export function useDownloads(kind: string, place: TablePlace): { title: string; url: string }[] {
  return useCatalogue().kind(kind).downloads.map(({ as, title }) => ({ title, url: downloadUrl(place, as) }))
}
