/** A modular program: it requires the API, and the native module comes as a service. */
module consumer {
  requires io.github.jpopen;
}
