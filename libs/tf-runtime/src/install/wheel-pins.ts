/** The TensorFlow release under TensorFlow.js. */
export const tensorFlowVersion = '2.21.0';

/** The release of `@tensorflow/tfjs-node-gpu` whose binding source is compiled, and the revision of the way it is compiled. */
export const bindingVersion = '4.22.0-r5';

/** A file on PyPI, pinned by its digest. */
export interface PinnedWheel {
  /** Name of the package on PyPI. */
  readonly packageName: string;
  readonly version: string;
  /** What `pip download --platform` is given. */
  readonly pipPlatform: string;
  /** Hexadecimal SHA-256 of the wheel for CPython 3.12. */
  readonly sha256: string;
  readonly wheelBytes: number;
  /** Bytes of the shared libraries that are taken out of it: what stays on disk. */
  readonly libraryBytes: number;
}

/** What a runtime computes with: processors alone, or NVIDIA GPUs as well. */
export type RuntimeFlavor = 'cpu' | 'gpu';

/** One wheel of TensorFlow. */
export interface WheelPin extends PinnedWheel {
  /** `<process.platform>-<process.arch>` of the machines that it serves. */
  readonly platform: string;
  readonly flavor: RuntimeFlavor;
  /** Paths of the libraries inside the runtime's folder; the last part of each is its name inside the wheel's `tensorflow` folder. */
  readonly libraries: readonly string[];
  /** Least glibc, as "2.27"; null where glibc plays no part. */
  readonly glibc: string | null;
  /** Whether this wheel was ever built and run by the project's own tests. */
  readonly tested: boolean;
}

const linuxLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Every wheel of TensorFlow that a runtime can be built from, one a platform and flavor. */
export const wheelPins: readonly WheelPin[] = [
  {
    platform: 'linux-x64',
    flavor: 'cpu',
    packageName: 'tensorflow-cpu',
    version: tensorFlowVersion,
    pipPlatform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    wheelBytes: 274_000_871,
    libraryBytes: 853_308_936,
    libraries: linuxLibraries,
    glibc: '2.27',
    tested: true,
  },
  {
    platform: 'linux-x64',
    flavor: 'gpu',
    packageName: 'tensorflow',
    version: tensorFlowVersion,
    pipPlatform: 'manylinux_2_27_x86_64',
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    wheelBytes: 572_611_111,
    libraryBytes: 1_259_021_080,
    // TensorFlow looks for NVIDIA's libraries in `../nvidia`.
    libraries: linuxLibraries.map((name) => `tensorflow/${name}`),
    glibc: '2.27',
    tested: false,
  },
  {
    platform: 'linux-arm64',
    flavor: 'cpu',
    packageName: 'tensorflow',
    version: tensorFlowVersion,
    pipPlatform: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    wheelBytes: 281_900_000,
    libraryBytes: 860_000_000,
    libraries: linuxLibraries,
    glibc: '2.27',
    tested: false,
  },
  {
    platform: 'darwin-arm64',
    flavor: 'cpu',
    packageName: 'tensorflow',
    version: tensorFlowVersion,
    pipPlatform: 'macosx_12_0_arm64',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    wheelBytes: 223_500_000,
    libraryBytes: 700_000_000,
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    glibc: null,
    tested: false,
  },
];

/** The wheel for a platform such as "linux-x64", or undefined where there is none. */
export function wheelFor(platform: string, flavor: RuntimeFlavor = 'cpu'): WheelPin | undefined {
  return wheelPins.find((pin) => pin.platform === platform && pin.flavor === flavor);
}

/** The folder of the libraries inside the runtime's own. */
export function libraryFolder({ flavor }: WheelPin): string {
  return flavor === 'gpu' ? 'tensorflow' : '.';
}
