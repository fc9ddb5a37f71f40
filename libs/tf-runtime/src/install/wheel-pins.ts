/** The TensorFlow release under TensorFlow.js. */
export const tensorFlowVersion = '2.21.0';

/** The release of `@tensorflow/tfjs-node-gpu` whose binding source is compiled, and the revision of the way it is compiled. */
export const bindingVersion = '4.22.0-r2';

/** One wheel of TensorFlow, pinned by its digest. */
export interface WheelPin {
  /** `<process.platform>-<process.arch>` of the machines that it serves. */
  readonly platform: string;
  /** Name of the package on PyPI. */
  readonly packageName: string;
  /** What `pip download --platform` is given. */
  readonly pipPlatform: string;
  /** Hexadecimal SHA-256 of the wheel for CPython 3.12. */
  readonly sha256: string;
  readonly wheelBytes: number;
  /** Bytes of the two shared libraries: what stays on disk. */
  readonly libraryBytes: number;
  /** File names of the libraries inside the wheel's `tensorflow` folder. */
  readonly libraries: readonly [string, string];
  /** Least glibc, as "2.27"; null where glibc plays no part. */
  readonly glibc: string | null;
  /** Whether this wheel was ever built and run by the project's own tests. */
  readonly tested: boolean;
}

const linuxLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Every wheel that the runtime can be built from, one a platform. */
export const wheelPins: readonly WheelPin[] = [
  {
    platform: 'linux-x64',
    packageName: 'tensorflow-cpu',
    pipPlatform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    wheelBytes: 274_000_871,
    libraryBytes: 853_308_936,
    libraries: linuxLibraries,
    glibc: '2.27',
    tested: true,
  },
  {
    platform: 'linux-arm64',
    packageName: 'tensorflow',
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
    packageName: 'tensorflow',
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
export function wheelFor(platform: string): WheelPin | undefined {
  return wheelPins.find((pin) => pin.platform === platform);
}
