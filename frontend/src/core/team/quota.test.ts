import { describe, expect, it } from 'vitest'
import { cleanedWords, LIMIT_FIELDS, limitText, limitWords, rangeWords, readLimit, storeParts, type LimitField, type Limits, usedWords } from './quota'

const field = (name: keyof Limits) => LIMIT_FIELDS.find((one) => one.name === name) as LimitField
const limits: Limits = { runs: 2, step_memory_bytes: 512 * 1024 ** 2, step_seconds: null, store_bytes: 1.5e9, retention_days: 30 }

describe('limits', () => {
  it('are typed in units of people', () => {
    expect(LIMIT_FIELDS.map((one) => limitText(limits, one))).toEqual(['2', '512', '', '1.5', '30'])
    expect(LIMIT_FIELDS.map((one) => readLimit(limitText(limits, one), one))).toEqual(Object.values(limits))
  })

  it('are no limit when nothing is typed, and nothing else when it is wrong', () => {
    expect(readLimit(' ', field('runs'))).toBeNull()
    expect(['0', '-1', '1.5', 'many'].map((text) => readLimit(text, field('runs')))).toEqual([undefined, undefined, undefined, undefined])
    expect(readLimit('0,5', field('store_bytes'))).toBe(5e8)
    expect(readLimit('32', field('step_memory_bytes'))).toBeUndefined()
  })

  it('are no more than the installation allows', () => {
    const installation = { runs: 4 }
    expect([readLimit('4', field('runs'), installation), readLimit('5', field('runs'), installation)]).toEqual([4, undefined])
    expect(rangeWords(field('runs'), installation)).toBe("Must be from 1 to 4, the limit of this installation. Leave it empty for the installation's limit.")
    expect(rangeWords(field('runs'))).toBe('Must be a whole number, at least 1. Leave it empty for no limit.')
  })

  it('read as sentences for those who only look', () => {
    expect(limitWords(limits, field('step_memory_bytes'))).toBe('512 MB')
    expect(limitWords({ ...limits, runs: 1 }, field('runs'))).toBe('1 run')
    expect(limitWords(limits, field('step_seconds'))).toBe('No limit')
  })
})

describe('the store', () => {
  const use = { used: 100, quota: 200, of_runs: 50, of_datasets: 30, unreferenced: 20, files: 9, measured_at: null }

  it('shows what is free of its room, or what it holds when there is no limit', () => {
    expect(storeParts(use).map(({ title, share }) => [title, share])).toEqual([['Run results', 25], ['Datasets', 15], ['Unused', 10], ['Free', 50]])
    expect(storeParts({ ...use, quota: null }).map(({ share }) => share)).toEqual([50, 30, 20])
    expect(storeParts({ ...use, quota: 40 }).map(({ share }) => share)).toEqual([50, 30, 20, 0])
  })

  it('says what goes, now and later', () => {
    expect(cleanedWords({ runs: 1, results: 0, files: 12, bytes: 3.4e6, later_files: 2, later_bytes: 1e6, dry_run: true })).toEqual([
      '1 old run, 12 files of 3.4\u00a0MB.', '2 files of 1.0\u00a0MB more, one hour after they became unused.',
    ])
    expect(cleanedWords({ runs: 0, results: 0, files: 0, bytes: 0, later_files: 0, later_bytes: 0, dry_run: true })).toEqual([])
  })
})

it('says how full a store is in one unit where that reads well', () => {
  expect([usedWords(3.2e9, 20e9), usedWords(48e6, 1.5e9), usedWords(20e9, 20e9)]).toEqual(['3.2 of 20\u00a0GB', '48.0\u00a0MB of 1.5\u00a0GB', '20.0 of 20\u00a0GB'])
})
