export { Commands } from './Commands'
export { useKeys } from './useKeys'
