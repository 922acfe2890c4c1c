/** There is no such file. */
export default () => undefined;
