package io.github.jpopen.posix.guard;

/**
 * What the guard does, as a script of {@code sh}: it reads which processes to kill, and kills them
 * at the end of its input.
 *
 * <p>A line {@code + ID PID TOKEN CGROUP} adds a process, and {@code - ID} removes it. A token is
 * that of a tree, or {@code -}. A cgroup is the directory of its own, or empty.
 *
 * <ul>
 *   <li>A process is killed only if it has the start time that it had when it was added. Its number
 *       may be another process's by then.
 *   <li>Linux shows that time in {@code /proc/PID/stat}, after a name that may hold spaces and line
 *       ends. Elsewhere {@code ps} tells it in seconds.
 *   <li>What is in its cgroup is killed by the kernel, since Linux 5.14.
 *   <li>The group of a tree is killed with it. Then what has the token is killed, until there is
 *       none: a process may fork while it is found.
 * </ul>
 */
final class GuardScript {
  static final String TEXT =
      """
      trap '' HUP INT QUIT TERM
      cd /
      ids=' '

      look() {
        start= stat=
        if [ -r /proc/self/stat ]; then
          while read -r line; do stat="$stat $line"; done < "/proc/$1/stat"
          set -- ${stat##*) }
          start=${20}
        else
          start=$(ps -o lstart= -p "$1")
        fi
      }

      end() {
        look "$1"
        if [ -n "$start" ] && [ "$start" = "$2" ]; then
          [ "$3" = - ] || kill -KILL "-$1"
          kill -KILL "$1"
        fi
      }

      find() {
        for file in $(grep -l -a -F -e "$1" /proc/[0-9]*/environ); do
          process=${file#/proc/}
          process=${process%/environ}
          look "$process"
          seen=$start
          if grep -q -a -F -e "$1" "$file"; then
            end "$process" "$seen" -
            found=yes
          fi
        done
      }

      while read -r what id pid token cgroup; do
        case $what in
          +)
            look "$pid"
            eval "pid$id=\\$pid start$id=\\$start token$id=\\$token cgroup$id=\\$cgroup"
            ids="$ids$id "
            ;;
          -)
            ids="${ids%% "$id" *} ${ids#* "$id" }"
            unset "pid$id" "start$id" "token$id" "cgroup$id"
            ;;
        esac
      done

      tokens=
      for id in $ids; do
        eval "pid=\\$pid$id start=\\$start$id token=\\$token$id cgroup=\\$cgroup$id"
        [ ! -e "$cgroup/cgroup.kill" ] || echo 1 > "$cgroup/cgroup.kill"
        end "$pid" "$start" "$token"
        [ "$token" = - ] || tokens="$tokens $token"
      done

      for token in $tokens; do
        rounds=0 found=yes
        while [ $found = yes ] && [ $rounds -lt 20 ]; do
          found=no
          find "$token"
          rounds=$((rounds + 1))
        done
      done
      """;

  private GuardScript() {}
}
