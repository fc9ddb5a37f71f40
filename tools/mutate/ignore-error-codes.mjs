/** A plugin of Stryker that leaves the code of a LangevinError alone: TypeScript refuses every other string there, so that no spec has to. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'error-codes',
    value: {
      shouldIgnore({ node, parentPath }) {
        const isCode = parentPath?.isNewExpression() && parentPath.node.callee.name === 'LangevinError' && parentPath.node.arguments[0] === node;
        return isCode ? 'TypeScript refuses other codes' : undefined;
      },
    },
  },
];
