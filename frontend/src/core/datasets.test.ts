import { describe, expect, it } from 'vitest'
import { inOrder, isAccepted, matchesSearch, namesChanged, newestFirst, type Dataset } from './datasets'

const DATASET: Dataset = {
  id: '1', name: 'automobile_price', title: 'Automobile price', source: 'UCI', workspace: null, sample: true, version: 2, rows: 1, bytes: 1, columns: [], created_at: '',
  versions: [1, 2].map((number) => ({ number, created_at: '', rows: 1, bytes: 1, file_name: '', encoding: null, notes: [] })),
}

describe('datasets', () => {
  it('knows files that hold tables by their ending', () => {
    expect(['cars.CSV', 'a.parquet', 'x.exe', 'csv'].map(isAccepted)).toEqual([true, true, false, false])
  })

  it('finds by name, title and source', () => {
    expect(['price', 'AUTO', 'uci', ' ', 'income'].map((search) => matchesSearch(DATASET, search))).toEqual([true, true, true, true, false])
  })

  it('puts people\'s own first', () => {
    const [a, b, c] = [DATASET, { ...DATASET, title: 'A' }, { ...DATASET, title: '', name: 'z', sample: false }]
    expect(inOrder([a, b, c])).toEqual([c, b, a])
  })

  it('lists the newest version first', () => {
    expect(newestFirst(DATASET).map((one) => one.number)).toEqual([2, 1])
  })

  it('sends of typed names what is new, and never an empty one', () => {
    const names = [['Cars', 'automobile_price'], [' Automobile price ', 'cars'], ['Automobile price', 'automobile_price'], ['', 'cars'], ['Cars', ' ']]
    expect(names.map(([title = '', name = '']) => namesChanged(DATASET, { title, name }))).toEqual([{ title: 'Cars' }, { name: 'cars' }, null, null, null])
  })
})
