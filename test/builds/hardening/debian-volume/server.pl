# Answers with the user it runs as, after it has written a line to each file it is given a place for.
use strict;
use IO::Socket::INET;
my $port = shift @ARGV;
my %option = map { /^--([\w-]+)(?:=(.*))?$/ ? ($1 => $2) : () } @ARGV;
my ($data) = map { $ARGV[$_ + 1] } grep { $ARGV[$_] eq '--data-dir' } 0 .. $#ARGV;
$data = 'uploads' unless defined $data;
my @files = ("$data/notes.txt", grep { defined } $option{'pid-file'});
$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    # A server that closes before it has read the request resets the connection.
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
    my $status = '200 OK';
    my $body = "uid $>\n";
    for my $file (@files) {
        open(my $out, '>>', $file) or ($status = '500 Error', $body = "$file: $!\n");
        print $out "$$\n" if $status eq '200 OK';
    }
    print $client "HTTP/1.0 $status\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    close $client;
}
