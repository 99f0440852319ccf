import { describe, expect, it } from 'vitest'
import { choicesOf, datasetOf, inOrder, kindCounts, isAccepted, matchesSearch, namesChanged, newestFirst, readingOf, readingWords, stemOf, DEFAULT_READING, type Dataset } from './datasets'

const DATASET: Dataset = {
  id: '1', kind: 'table', name: 'automobile_price', title: 'Automobile price', source: 'UCI', workspace: null, sample: true, version: 2, rows: 1, bytes: 1, columns: [], created_at: '', changed_at: '',
  versions: [1, 2].map((number) => ({ number, created_at: '', rows: 1, bytes: 1, file_name: '', encoding: null, notes: [], reading: null })),
}

describe('datasets', () => {
  it('knows files that hold tables by their ending', () => {
    expect(['cars.CSV', 'a.parquet', 'photos.tar.gz', 'x.exe', 'csv'].map(isAccepted)).toEqual([true, true, true, false, false])
  })

  it('calls a dataset as its file, without the ending', () => {
    expect(['cars.csv', 'flowers.tar.gz', 'a.b.TAR', 'cars', '.csv'].map(stemOf)).toEqual(['cars', 'flowers', 'a.b', 'cars', '.csv'])
  })

  it('finds by name, title and source', () => {
    expect(['price', 'AUTO', 'uci', ' ', 'income'].map((search) => matchesSearch(DATASET, search))).toEqual([true, true, true, true, false])
  })

  it('puts people\'s own first', () => {
    const [a, b, c] = [DATASET, { ...DATASET, title: 'A' }, { ...DATASET, title: '', name: 'z', sample: false }]
    expect(inOrder([a, b, c])).toEqual([c, b, a])
  })

  it('tells choices with equal titles apart', () => {
    const choices = choicesOf([{ name: 'people', title: 'People' }, { name: 'people_2', title: 'People' }, { name: 'cars', title: '' }])
    expect(choices.map(({ label }) => label)).toEqual(['People (people)', 'People (people_2)', 'cars'])
    expect(choices.map(({ value }) => value)).toEqual(['people', 'people_2', 'cars'])
  })

  it('lists the newest version first', () => {
    expect(newestFirst(DATASET).map((one) => one.number)).toEqual([2, 1])
  })

  it('says how a version was read, where that is not as usual', () => {
    const [version] = DATASET.versions
    const read = (reading: object) => ({ ...version!, reading: { missing_words: DEFAULT_READING.missingWords, missing_in_text: false, dates: 'auto' as const, ...reading } })
    expect([version!, read({}), read({ missing_words: '' })].map(readingWords)).toEqual([null, null, 'Options of the upload: no missing values.'])
    const odd = read({ missing_words: '-9', missing_in_text: true, dates: 'day_first' })
    expect(readingWords(odd)).toBe('Options of the upload: missing values -9; missing values also in text columns; dates with the day first.')
    expect([readingOf(odd), readingOf(version)]).toEqual([{ missingWords: '-9', missingInText: true, dates: 'day_first' }, DEFAULT_READING])
  })

  it('sends of typed names what is new, and never an empty one', () => {
    const names = [['Cars', 'automobile_price'], [' Automobile price ', 'cars'], ['Automobile price', 'automobile_price'], ['', 'cars'], ['Cars', ' ']]
    expect(names.map(([title = '', name = '']) => namesChanged(DATASET, { title, name }))).toEqual([{ title: 'Cars' }, { name: 'cars' }, null, null, null])
  })
})

describe('the kinds of columns', () => {
  it('are counted, the most frequent first', () => {
    const column = (kind: Dataset['columns'][number]['kind']) => ({ kind }) as Dataset['columns'][number]
    expect(kindCounts({ columns: [column('text'), column('number'), column('number')] })).toEqual([['number', 2], ['text', 1]])
    expect(kindCounts({ columns: [] })).toEqual([])
  })
})

it('knows the version that a card reads: the one it names, else the newest', () => {
  const read = (params: Record<string, string | number>, module = 'data.dataset') => datasetOf({ module, params }, [DATASET])?.version ?? null
  expect([read({ dataset: 'automobile_price' }), read({ dataset: 'automobile_price', version: 1 })]).toEqual([2, 1])
  expect([read({ dataset: 'automobile_price', version: 9 }), read({ dataset: 'gone' }), read({}), read({ dataset: 'automobile_price' }, 'data.enter_data')]).toEqual([null, null, null, null])
})
