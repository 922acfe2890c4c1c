// What `npm run s2s` starts. npm has gone from the folder that its user stands in to that of the project; paths on the
// command line are relative to the user's. Only this script is meant for it: the paths in the other scripts of
// package.json are relative to the project, and npx stays where it is.
process.chdir(process.env.INIT_CWD ?? ".");
await import("./s2s.js");
