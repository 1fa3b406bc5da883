module consumer {
  requires io.github.jpopen.conformance;

  provides io.github.jpopen.conformance.ProcessLibrary with
      consumer.Mine;
}
