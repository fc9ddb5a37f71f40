import { LangevinError } from '@langevin/contracts';

/** What a parameter is, which decides its start value and how PyTorch stores it. */
export type ParameterKind =
  /** Filter of a convolution, HWIO here and OIHW in PyTorch. */
  | 'filter'
  /** Matrix of a linear layer, [in, out] here and [out, in] in PyTorch. */
  | 'matrix'
  /** Table of an embedding, [entries, features] in both. */
  | 'table'
  /** Table of learned positions, [tokens, features] in both. */
  | 'position'
  /** Table of scales of a normalisation, [entries, features] in both. */
  | 'gain'
  /** Bias of a convolution or linear layer. */
  | 'bias'
  /** Scale of a normalisation. */
  | 'scale'
  /** Offset of a normalisation. */
  | 'offset';

/** A parameter tensor before it has a place in the flat vector. */
export interface ParameterDeclaration {
  /** Name in diffusers' state dict. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** Shape in tfjs: filters HWIO, matrices [in, out]. */
  readonly shape: readonly number[];
  /** Inputs that each output of the layer sums over, or features of a position; 1 where that has no meaning. */
  readonly fanIn: number;
  /** Starts at 0 whatever its kind. */
  readonly startsAtZero?: true;
}

/** A parameter tensor and its place in the flat vector. */
export interface ParameterEntry extends ParameterDeclaration {
  /** Index of the first number. */
  readonly offset: number;
  /** How many numbers. */
  readonly size: number;
}

/** Where each parameter tensor of a network lies in one flat float32 vector. */
export interface ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  /** Length of the flat vector. */
  readonly total: number;
}

/**
 * Places the declared tensors one behind the other, in their order.
 * @throws LangevinError `internal` when a name occurs twice
 */
export function parameterLayout(declarations: readonly ParameterDeclaration[]): ParameterLayout {
  const names = new Set<string>();
  let offset = 0;
  const entries = declarations.map((declaration) => {
    if (names.has(declaration.name)) throw new LangevinError('internal', `parameter ${declaration.name} is declared twice`);
    names.add(declaration.name);
    const size = declaration.shape.reduce((product, length) => product * length, 1);
    const entry: ParameterEntry = { ...declaration, offset, size };
    offset += size;
    return entry;
  });
  return { entries, total: offset };
}
