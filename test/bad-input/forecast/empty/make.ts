/** A download that never began. */
export default () => "";
