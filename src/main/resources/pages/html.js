// Preact and htm, from the one file that has both. Modules import each other by relative paths only: see README, "Pages".
export {
    html, render, h, createContext, Component,
    useState, useReducer, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useContext, useErrorBoundary,
} from './lib/htm.js';
