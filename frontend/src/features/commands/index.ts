export { Commands } from './Commands'
export { useFocusHome } from './useFocusHome'
export { useKeys } from './useKeys'
