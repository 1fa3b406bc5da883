module consumer {
  requires io.github.jpopen.testing;
}
