/** The error page of a server, saved under the archive's name. */
export default () => "<!DOCTYPE html><title>404 Not Found</title>";
