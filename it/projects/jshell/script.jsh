import io.github.jpopen.Command
System.out.println(Command.of("printf", "child of %s", "jshell").text().checkOutput())
/exit
