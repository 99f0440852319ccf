// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Param } from '../../core/catalogue/catalogue'
import { Settings } from './Settings'

const plain = { default: null, required: false, nullable: false, help: 'What it does.' }
const params: Param[] = [
  { ...plain, name: 'by', title: 'Split by', kind: 'choice', default: 'share', choices: [{ value: 'share', title: 'Fraction' }, { value: 'pattern', title: 'Regular expression' }] },
  { ...plain, name: 'fraction', title: 'Fraction', kind: 'number', default: 0.5, min: 0, max: 1, shown_when: { param: 'by', is: ['share'] } },
  { ...plain, name: 'columns', title: 'Columns', kind: 'columns', default: [{ include: 'all' }] },
  { ...plain, name: 'code', title: 'Code', kind: 'code', default: 'a\nb' },
  { ...plain, name: 'label', title: 'Label', kind: 'column', required: true, help: 'See `a` or <b>b</b>.' },
]

const cells = (title: string) => [...(screen.getByRole('rowheader', { name: new RegExp(`^${title}`) }).closest('tr')?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent)

beforeEach(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} })))
afterEach(cleanup)

it('tells the default, the bounds, the choices and when a setting counts', () => {
  render(<MantineProvider><Settings module={{ params }} /></MantineProvider>)
  expect(cells('Split by')).toEqual(['Fraction', 'What it does.Choices: Fraction; Regular expression.'])
  expect(cells('Fraction')).toEqual(['0.5from 0 to 1', 'What it does.Only where Split by is Fraction.'])
  expect(cells('Columns')[0]).toBe('all columns')
  expect(cells('Code')[0]).toBe('See the form')
})

it('shows code as code, and HTML as text', () => {
  render(<MantineProvider><Settings module={{ params }} /></MantineProvider>)
  expect(cells('Label')).toEqual(['Required', 'See a or <b>b</b>.'])
  expect(screen.getByText('a', { selector: 'code' })).toBeTruthy()
})

it('says that there are none', () => {
  render(<MantineProvider><Settings module={{ params: [] }} /></MantineProvider>)
  expect(screen.getByText('This module has no settings.')).toBeTruthy()
})
