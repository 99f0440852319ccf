import { describe, expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import { labelLine, cardHeight, cardWords, heightWith } from './cardShape'
import type { GraphNode } from './graph'

const card = (module: string, rest: Partial<GraphNode> = {}): GraphNode => ({ module, params: {}, position: [0, 0], ...rest })
const words = (node: GraphNode) => cardWords(node, catalogue.module(node.module))

describe('the words of a card', () => {
  it('are its title alone where nothing differs', () => {
    expect(words(card('transform.split_data'))).toEqual({ title: 'Split Data', titleLines: 1, line: '', whole: '' })
    expect(words(card('training.train_model', { title: 'Train the linear model' })).line).toBe('')
  })

  it('name what differs', () => {
    expect(words(card('transform.split_data', { title: 'Split 70 / 30', params: { fraction: 0.7 } })).line).toBe('fraction 70\u00a0%')
  })

  it('do not repeat the title', () => {
    expect(words(card('data.dataset', { title: 'Automobile price', params: { dataset: 'automobile_price' } })).line).toBe('')
  })

  it('name the module where the title hides it', () => {
    expect(words(card('scoring.score_model', { title: 'Predict the price' })).line).toBe('Score Model')
    expect(words(card('scoring.score_model', { title: 'Score the test cars' })).line).toBe('')
  })

  it('say that a module is missing', () => {
    expect(words(card('gone.module'))).toMatchObject({ title: 'gone.module', line: 'This module is not installed.' })
  })
})

describe('the height of a card', () => {
  it('grows with its lines', () => {
    const long = 'Score the test cars with the boosted trees'
    expect(cardHeight(card('scoring.score_model'), catalogue)).toBe(44)
    expect(cardHeight(card('training.train_model', { params: { label: 'price' } }), catalogue)).toBe(52)
    expect(cardHeight(card('scoring.score_model', { title: long }), catalogue)).toBe(52)
    expect(cardHeight(card('training.train_model', { title: long, params: { label: 'price' } }), catalogue)).toBe(68)
  })

  it('has room for the signs of where it runs, and none for a note', () => {
    expect(cardHeight(card('scoring.score_model', { execution: { target: 'docker' } }), catalogue)).toBe(52)
    expect(cardHeight(card('scoring.score_model', { comment: 'A note.' }), catalogue)).toBe(44)
  })

  it('changes with what a check or a run says', () => {
    const node = card('scoring.score_model')
    const tall = card('scoring.score_model', { title: 'Score the test cars with the boosted trees' })
    const height = (one: GraphNode, told: Parameters<typeof heightWith>[2]) => heightWith(one, catalogue.module(one.module), told)
    expect(height(node, { line: 'Connect a table' })).toBe(52)
    expect(height(node, { running: true })).toBe(44)
    expect(height(tall, { running: true })).toBe(68)
    expect(height(node, { alert: 'No rows are left. Open the log' })).toBe(44 + 35)
    expect(height(node, { alert: 'word '.repeat(200) })).toBe(44 + 83)
  })
})

it('labels of ports that reach the same way have lines of their own', () => {
  expect([0, 1].map((at) => labelLine(at, 2))).toEqual([0, 0])
  expect([0, 1, 2].map((at) => labelLine(at, 3))).toEqual([0, 1, 0])
  expect([0, 1, 2, 3, 4, 5].map((at) => labelLine(at, 6))).toEqual([0, 1, 2, 2, 1, 0])
})
